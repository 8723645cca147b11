# Two commands: `make quickstart` and `make test`. `make` alone builds the tools for this machine and for ARM boards.

SHELL := /bin/bash
SWIFT ?= swift
BOARDS := aarch64 armv7

# One configuration for tools and tests, so that nothing is built twice.
HOST_FLAGS := -c release -Xswiftc -enable-testing

.PHONY: all host boards board board-package $(BOARDS) test test-host test-boards test-sanitized quickstart clean

all: host boards

# Swift's library goes into the board tool: with shared libraries a small model's process would be a third larger.
host:
	Scripts/dependencies.sh host
	$(SWIFT) build $(HOST_FLAGS) --product quantize
	$(SWIFT) build $(HOST_FLAGS) --static-swift-stdlib --product swiftlet
	mkdir -p build
	ln -sf ../.build/release/swiftlet build/swiftlet
	ln -sf ../.build/release/quantize build/quantize

boards: $(BOARDS)

# make board TARGET=aarch64|armv7
board:
	@[[ " $(BOARDS) " == *" $(TARGET) "* ]] || { echo "usage: make board TARGET=$(subst $() ,|,$(BOARDS))" >&2; exit 2; }
	$(MAKE) $(TARGET)

# The same, with a model, inputs, the answers this machine gives, and a script that checks and measures the board with them.
board-package: host board
	Scripts/package-board.sh $(TARGET)

$(BOARDS):
	Scripts/dependencies.sh $@
	Scripts/build-board.sh $@

# The host suite, the readers under AddressSanitizer, and both boards' programs under qemu.
test: test-boards test-sanitized test-host

# The test product alone: --build-tests would build every tool of every dependency too.
test-host: host
	$(SWIFT) build $(HOST_FLAGS) --product swiftletPackageTests
	Scripts/run-tests.sh $(HOST_FLAGS)

test-boards: boards
	Scripts/dependencies.sh emulators

test-sanitized:
	Scripts/dependencies.sh host
	$(SWIFT) run -c release --sanitize address --scratch-path .build-asan fuzz

quickstart: host
	Scripts/quickstart.sh

clean:
	rm -rf build .build .build-*
