# Two commands: `make quickstart` and `make test`. `make` alone builds the tools for this machine and for ARM boards.

SHELL := /bin/bash
SWIFT ?= swift
BOARDS := aarch64 armv7

# One configuration for tools and tests, so that nothing is built twice.
HOST_FLAGS := -c release -Xswiftc -enable-testing

.PHONY: all host server boards board board-package $(BOARDS) lib install wheel quickstart predict clean
.PHONY: benchmarks bench-gate board-report
.PHONY: test test-host test-server test-consumer test-boards test-predict test-differential test-attacks test-exports test-lib test-wheel
.PHONY: test-thread-sanitizer test-undefined
.PHONY: fuzz-programs fuzz test-fuzz test-extremes lint format docs

all: host boards

# Swift's library goes into the board tool: with shared libraries a small model's process would be a third larger.
host:
	Scripts/dependencies.sh host
	$(SWIFT) build $(HOST_FLAGS) --product quantize
	$(SWIFT) build $(HOST_FLAGS) --static-swift-stdlib --product swiftlet
	mkdir -p build
	ln -sf ../.build/release/swiftlet build/swiftlet
	ln -sf ../.build/release/quantize build/quantize

# The HTTP server and its libraries, which nothing else builds: build/swiftlet-server.
WITH_SERVER := SWIFTLET_SERVER=1
server:
	Scripts/dependencies.sh host
	$(WITH_SERVER) $(SWIFT) build $(HOST_FLAGS) --product swiftlet-server
	mkdir -p build
	ln -sf ../.build/release/swiftlet-server build/swiftlet-server

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

# The library for C, C++ and every other language: build/lib, build/include; with TARGET=aarch64|armv7 build/TARGET/lib and so on. It needs
# glibc 2.17 or newer, and nothing of Swift.
TARGET_FOLDER = build$(TARGET:%=/%)
lib:
	@[[ -z "$(TARGET)" || " $(BOARDS) " == *" $(TARGET) "* ]] || { echo "usage: make lib [TARGET=$(subst $() ,|,$(BOARDS))]" >&2; exit 2; }
	Scripts/dependencies.sh host
	Scripts/dependencies.sh library
	$(if $(TARGET),Scripts/dependencies.sh $(TARGET))
	Scripts/build-library.sh $(or $(TARGET),$(shell uname -m)) $(TARGET_FOLDER)

# make install PREFIX=/usr/local [DESTDIR=FOLDER] [TARGET=aarch64|armv7]
PREFIX ?= /usr/local
install: lib
	mkdir -p $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/{pkgconfig,cmake/swiftlet} $(DESTDIR)$(PREFIX)/share/doc/swiftlet
	install -m 644 $(TARGET_FOLDER)/include/swiftlet.{h,hpp} $(DESTDIR)$(PREFIX)/include
	install -m 755 $(TARGET_FOLDER)/lib/libswiftlet.so $(DESTDIR)$(PREFIX)/lib
	install -m 644 $(TARGET_FOLDER)/lib/libswiftlet.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 $(TARGET_FOLDER)/lib/pkgconfig/swiftlet.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 $(TARGET_FOLDER)/lib/cmake/swiftlet/* $(DESTDIR)$(PREFIX)/lib/cmake/swiftlet
	install -m 644 $(TARGET_FOLDER)/share/doc/swiftlet/copyright $(DESTDIR)$(PREFIX)/share/doc/swiftlet

# C, C++ and CMake programs against the library, here and on both boards' processors; what it exports and needs.
test-lib: host
	$(MAKE) lib
	for board in $(BOARDS); do $(MAKE) lib TARGET=$$board || exit; done
	Scripts/dependencies.sh library-tests
	Scripts/test-library.sh

# Python's package for x86-64 and both boards: build/wheels.
wheel:
	$(MAKE) lib
	for board in $(BOARDS); do $(MAKE) lib TARGET=$$board || exit; done
	Scripts/build-wheel.sh

test-wheel: host wheel
	Scripts/test-wheel.sh

# Readers and kernels fuzzed here and on the boards, both boards' programs under qemu, the predictions' arithmetic, kernels' instructions
# beside the committed counts, random networks beside ONNX Runtime, hostile files, a package that uses the library, the server's clients;
# last the host suite, whose last lines count what was skipped.
test: test-boards test-fuzz test-extremes test-predict bench-gate test-differential test-attacks test-consumer test-server test-host

# The test product alone: --build-tests would build every tool of every dependency too.
test-host: host
	$(WITH_SERVER) $(SWIFT) build $(HOST_FLAGS) --product swiftletPackageTests
	$(WITH_SERVER) Scripts/run-tests.sh $(HOST_FLAGS)

# The server against Triton's client, curl, hostile requests and load. OPTIONS: --mutations N, --seed N, --seconds N, --half-open N.
test-server: host server
	Scripts/dependencies.sh server-tests
	build/server-tests/bin/python3 Tests/Server/server_test.py $(OPTIONS)

# The library in a package of its own, built as a user of it would.
test-consumer: host
	Scripts/test-consumer.sh

test-boards: boards
	Scripts/dependencies.sh emulators

# build/fuzz/asan with AddressSanitizer, build/fuzz/host as tools are built, build/BOARD/fuzz with guarded allocations.
fuzz-programs:
	Scripts/dependencies.sh host
	Scripts/dependencies.sh emulators
	mkdir -p build/fuzz
	$(SWIFT) build -c release --sanitize address --scratch-path .build-asan --product fuzz
	ln -sf ../../.build-asan/release/fuzz build/fuzz/asan
	$(SWIFT) build $(HOST_FLAGS) --product fuzz
	ln -sf ../../.build/release/fuzz build/fuzz/host
	for board in $(BOARDS); do Scripts/dependencies.sh $$board && Scripts/build-board.sh $$board fuzz || exit; done

# Damaged files, N for each command and program, from the number SEED on; a failing input's line says how to try it again.
SEED ?= 1
fuzz: fuzz-programs
	Scripts/fuzz.sh $(or $(N),1000000) $(SEED)

# The same, short.
test-fuzz: fuzz-programs
	Scripts/fuzz.sh 2000 $(SEED)

# Models with each field at its extremes: every instruction set and board must compute the same.
test-extremes: fuzz-programs
	Scripts/extremes.sh

# The whole suite with data races, or with what C leaves undefined, as failures. All is built again for each, and runs for long: not part of
# `test`. FILTER limits it to some tests, such as FILTER=SessionTests.
test-thread-sanitizer:
	Scripts/test-with-sanitizer.sh thread $(FILTER)

test-undefined:
	Scripts/test-with-sanitizer.sh undefined $(FILTER)

# N random networks: FP32 beside ONNX Runtime, int8 over every instruction set, thread count and board. A full run: N=700, 20 minutes.
# OPTIONS: --first SEED (of a failure, with N=1), --processes N, --all-threads.
PYTHON_TESTS := build/python/bin/python3
test-differential: host test-boards
	Scripts/dependencies.sh python-tests
	$(PYTHON_TESTS) Tests/Differential/differential.py --count $(or $(N),50) $(OPTIONS)

# Hostile files on this machine and both boards: a result or one error line, within stated time and memory.
test-attacks: host test-boards
	Scripts/dependencies.sh python-tests
	$(PYTHON_TESTS) Tests/Attacks/attacks.py $(OPTIONS)

# Networks as today's exporters write them, beside ONNX Runtime: fetches PyTorch, TensorFlow and Paddle (5 GB), and runs for an hour or two
# the first time. Not part of `test`. OPTIONS: --quick, --only 'timm-*', --no-int8, --preset balanced, --cache DIR.
test-exports: host
	Scripts/dependencies.sh exporters
	build/exports/torch/bin/python3 Tests/Exports/exports.py $(OPTIONS)

quickstart: host
	Scripts/quickstart.sh

# Predicted times on the boards of Targets/, from the kernels' machine code. OPTIONS: --board FILE, --layers, --validate (this machine,
# measured too).
NETWORKS ?= MobileNetV3_large_x1_0 MobileNetV3_small_x1_0
predict: host
	Scripts/dependencies.sh predict
	Scripts/dependencies.sh aarch64
	mkdir -p build/predict
	for network in $(NETWORKS); do \
	  build/quantize --arch $$network --calibration random --samples 4 --preset fast -o build/predict/$$network.slet || exit; done
	Targets/predict/predict.py $(OPTIONS) $(NETWORKS:%=build/predict/%.slet)

# docs/BENCHMARKS.md with its plots, from one run on this machine: half an hour. The first time fetches other runtimes from PyPI.
benchmarks: host
	Scripts/dependencies.sh benchmarks
	Scripts/benchmarks.sh

# Instructions that kernels take for a small network, counted by callgrind: a minute at most, whatever else the machine does. After a change
# that is meant: Benchmarks/gate.py --update.
bench-gate: host
	@Scripts/dependencies.sh bench-gate || { echo "bench-gate: skipped: valgrind cannot be had here"; exit 0; }; \
	  python3 -m unittest discover -q -s Benchmarks -p 'test_*.py' && Benchmarks/gate.py

# make board-report RESULT.json...: what boards sent back (board-check.sh), beside predicted and published times.
ifeq (board-report,$(firstword $(MAKECMDGOALS)))
RESULTS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(RESULTS)
$(RESULTS): board-report ;
endif
board-report:
	@Scripts/dependencies.sh python3
	@python3 Targets/report.py $(RESULTS)

PYTHON_TARGETS := benchmarks bench-gate board-report predict test-predict test-differential test-attacks test-exports test-server
$(PYTHON_TARGETS): export PYTHONDONTWRITEBYTECODE = 1
test-predict:
	Scripts/dependencies.sh python3
	python3 -m unittest discover -q -s Targets/predict -p 'test_*.py'
	python3 -m unittest discover -q -s Targets -p 'test_*.py'

lint:
	Scripts/dependencies.sh lint
	Scripts/lint.sh

format:
	Scripts/dependencies.sh lint
	Scripts/lint.sh --fix

# The library's reference as a site, in build/docs: start it with `python3 -m http.server -d build/docs`, at /documentation/swiftletruntime.
docs:
	Scripts/dependencies.sh host
	mkdir -p build
	SWIFTLET_DOCS=1 $(SWIFT) package --scratch-path .build-docs --allow-writing-to-directory build/docs generate-documentation \
	  --target SwiftletRuntime --output-path build/docs --transform-for-static-hosting

clean:
	rm -rf build .build .build-*
