import CPlatform

sp_exit(Tool.main())
