# What one does with this repository. "make" alone lists the targets.

GO      ?= go
BIN     := bin/hark-ls
# One fuzz target runs this long in "make fuzz".
FUZZ    ?= 20s
# "make soak" goes on for so long.
SOAK    ?= 10m
# Where "make install" puts the binary.
PREFIX  ?= $(HOME)/.local

export CGO_ENABLED ?= 0

.DEFAULT_GOAL := help
.PHONY: help build install vsix install-vscode grammar test quick lint lint-vscode fmt unsafe soak bench fuzz pictures demo clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

build: ## the binary, into bin/
	$(GO) build -trimpath -o $(BIN) .

install: build ## the binary, into PREFIX/bin (~/.local/bin)
	install -D $(BIN) $(PREFIX)/bin/hark-ls

# The platforms that "make vsix" packages for, such as linux-x64 linux-arm64 darwin-arm64 win32-x64; this machine's if there are none.
PLATFORMS ?=

vsix: node_modules ## the extension for VS Code with the binary inside, into dist/; PLATFORMS="linux-x64 darwin-arm64" for others
	npm run --silent build --workspace editors/vscode
	npm run --silent package --workspace editors/vscode -- $(PLATFORMS)

install-vscode: vsix ## install the extension into this machine's VS Code
	code --install-extension dist/hark-ls-$$(node -p 'process.platform + "-" + process.arch').vsix --force

node_modules: package-lock.json
	npm ci --prefer-offline --no-audit --no-fund
	@touch node_modules

# tree-sitter is the tool of that name: cargo install tree-sitter-cli --version 0.25.10 --locked --no-default-features
grammar: ## generate the tree-sitter parser from its grammar
	cd editors/tree-sitter-hark && tree-sitter generate --abi 14 && sha256sum grammar.js >src/grammar.js.sha256

test: lint unsafe ## everything that has to hold: lint, all tests under the race detector (needs a C compiler), every fuzz target's seeds
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./...
	$(GO) test -run '^TestSchedules$$' ./runtime/sim

quick: ## what to run while working: the short form of the tests
	$(GO) vet ./...
	$(GO) test -short -vet=off -ldflags='-s -w' ./... # vet is done, and linking is half as much without what debuggers read

lint: lint-vscode ## gofmt, vet, staticcheck (its checks: staticcheck.conf); the TypeScript's types and style
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "not formatted (make fmt):" $$unformatted; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -C bench ./...
	$(GO) tool staticcheck ./...

lint-vscode: node_modules
	npm run --silent lint --workspace editors/vscode

fmt: build ## format the Go code, the prelude and the Hark examples
	gofmt -w $$(git ls-files '*.go')
	@$(BIN) fmt compiler/prelude internal/cli/skeleton examples || true # a broken example is meant to be

pictures: ## take the documentation's pictures anew, in the real editor; look at them before committing
	HARK_PICTURES=1 $(GO) test -count=1 -run TestScreen ./editors/vscode

unsafe: ## the machine's tests with every pointer checked, and with a collection at every chance
	$(GO) test -short -gcflags=all=-d=checkptr ./vm/
	GOGC=1 $(GO) test -short ./vm/

soak: ## kill processes of sessions at random for SOAK (10m); 10,000 threads in DynamoDB Local
	HARK_SOAK=$(SOAK) $(GO) test -count=1 -timeout 0 -v -run TestKilledAnywhere ./runtime/executor/process
	HARK_THREADS=10000 $(GO) test -count=1 -timeout 30m -run TestLinear -v ./runtime/store/dynamostore

bench: build ## tables: this machine beside CPython and others, sessions in memory and on the disk, a thread's cost in DynamoDB, the language server beside gopls, the debugger beside Delve and debugpy
	$(GO) run -C bench .
	$(GO) test -run '^$$' -bench BenchmarkThread -benchtime 1x ./runtime/store/dynamostore

fuzz: ## every fuzz target for FUZZ (20s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) -fuzzminimizetime 2s $$package || exit 1; \
		done; \
	done

demo: build ## a guided tour on a real file, in under a minute
	@examples/demo/demo.sh $(BIN)

clean: ## remove what was built
	rm -rf bin dist
