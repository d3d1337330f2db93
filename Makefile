# Everything that a developer runs. CI runs `make check`.
GO ?= go
LEAN = $(shell sed '/^\#/d' release/build.flags)

.PHONY: build cause test check vet staticcheck race size generate fresh fuzz bench bench-live mutate score dist side-tests lab-deps lab-up lab-down e2e e2e-smoke remedies fixes tour page-check

build: generate ## the plugin, as bin/kubectl-stuck, bin/kubectl-stuck-mcp beside it, and the agent, as bin/stuck-agent
	$(GO) build -trimpath -o bin/ ./cmd/kubectl-stuck ./cmd/kubectl-stuck-mcp
	CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath $(LEAN) -o bin/stuck-agent ./cmd/stuck-agent

test: ## all tests
	$(GO) test ./...

check: fresh vet staticcheck test race size side-tests ## what must pass before anything is pushed

vet:
	@test -z "$$(gofmt -l cmd internal *.go)" || { gofmt -l cmd internal *.go; echo 'gofmt: run gofmt -w on these'; exit 1; }
	$(GO) vet ./...

staticcheck:
	$(GO) tool staticcheck ./...

race: ## the race detector; the causes alone take it ten minutes on two busy cores, which is all that go test allows
	@# what makes files in one goroutine has nothing for it to find, and takes it two minutes
	$(GO) test -race -timeout 30m $$($(GO) list ./... | grep -v -e /causes/gen$$ -e /demo/picture$$)

# bytes: 25 MiB for the plugin; the agent carries gRPC beside the catalogue
LIGHT = kubectl-stuck:26214400 stuck-agent:27000000 kubectl-stuck-mcp:27000000
size: ## fails where a program is too heavy, stripped, for Linux on amd64; TestLight says what must not come in
	@set -e; for limit in $(LIGHT); do p=$${limit%:*}; most=$${limit#*:}; \
		CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build -trimpath $(LEAN) -ldflags='-s -w' -o bin/size ./cmd/$$p; \
		n=$$(wc -c < bin/size); rm bin/size; echo "$$p: $$n bytes"; \
		test $$n -le $$most || { echo "$$p is heavier than $$most bytes"; exit 1; }; done

ID ?=
STAGE ?=
BLAME ?=
cause: ## begin a cause: make cause ID=secret-locked STAGE=volumes BLAME=Secret
	@cd internal/causes && $(GO) run ./gen -new "$(ID)" -stage "$(STAGE)" -blame "$(BLAME)"

generate: ## finders, docs and the README's table, from the catalogue; the notices, from what is linked
	$(GO) generate ./...
	cd release && $(GO) generate ./...

fresh: ## fails where a generated file is not what generate makes
	@$(GO) generate ./... && (cd release && $(GO) generate ./...) && git diff --exit-code --stat -- . && test -z "$$(git ls-files --others --exclude-standard)" || \
		{ git ls-files --others --exclude-standard; echo 'generated files are stale, or files are not committed: run make generate and commit'; exit 1; }

FUZZTIME ?= 30s
fuzz: ## each fuzzer for FUZZTIME
	$(GO) test ./internal/dump -run '^$$' -fuzz '^FuzzRead$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/dump -run '^$$' -fuzz '^FuzzGiven$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/pasted -run '^$$' -fuzz '^FuzzParse$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/applog -run '^$$' -fuzz '^FuzzEnds$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/causes -run '^$$' -fuzz '^FuzzRun$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/match -run '^$$' -fuzz '^FuzzScanner$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/nodelog -run '^$$' -fuzz '^FuzzKernel$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./internal/nodelog -run '^$$' -fuzz '^FuzzLog$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x

bench: ## what a Pod costs
	$(GO) test ./internal/... -run '^$$' -bench .

PODS ?= 10000
LABBIN ?= /var/lib/stuck-lab/bin/137
bench-live: build ## a diagnosis against a bare LIST, in a cluster of PODS Pods: etcd and kube-apiserver from LABBIN; docs/scale.md
	cd test/lab && $(GO) run -trimpath ./cmd/scale bench -bin $(LABBIN) -pods $(PODS) -program $(CURDIR)/bin/kubectl-stuck

VERSION ?=
KEY ?=
dist: ## what a release consists of, in dist/: archives, SBOMs, the agent's image, provenance, checksums (signed with KEY=file), the krew manifest
	cd release && $(GO) run . --version "$(VERSION)" --out ../dist $(if $(KEY),--key "$(abspath $(KEY))")

SHARED ?= ../shared
score: build ## the share of right answers over captures and messages that are not in the tree
	python3 $(SHARED)/tools/score.py --bin bin/kubectl-stuck --captures $(SHARED)/captures -v
	python3 $(SHARED)/tools/score.py --bin bin/kubectl-stuck --corpus $(SHARED)/corpus.jsonl --kinds event,waiting -v

# The lab: a real Kubernetes on this machine, to break. Linux, root; test/lab/README.md tells what it does.
LAB ?=
LABCMD = cd test/lab && $(GO) run -trimpath ./cmd/lab $(if $(LAB),--version $(LAB))
E2E = $(LABCMD) e2e --stuck $(CURDIR)/bin/kubectl-stuck --agent $(CURDIR)/bin/stuck-agent --deploy $(CURDIR)/deploy
LABTOOLS = containerd containernetworking-plugins runc iproute2 iptables nftables nfs-common e2fsprogs procps busybox-static bindfs gcc libc6-dev

side-tests: ## the tests of the other modules here: releases, and the lab itself, without a cluster
	cd release && $(GO) vet ./... && $(GO) test ./...
	cd test/lab && $(GO) vet ./... && $(GO) test ./...

lab-deps: ## the Debian packages that the lab needs
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(LABTOOLS)

lab-up: ## start it (LAB=134 for the older Kubernetes); builds what is missing
	$(LABCMD) up

lab-down: ## stop it and forget its state
	$(LABCMD) down

FAULT ?=
e2e: build ## break the lab in all ways, or as FAULT=name says, and check each diagnosis
	$(E2E) --doc $(CURDIR)/docs/node.md $(FAULT)

remedies: build ## break the lab in all ways, do what the screen says, and write down in docs/remedies.md what that cured
	$(E2E) --remedy --doc $(CURDIR)/docs/remedies.md $(FAULT)

fixes: build ## break the lab in all ways, let kubectl stuck fix mend it and take that back, and write docs/fixes.md
	$(E2E) --fix --doc $(CURDIR)/docs/fixes.md $(FAULT)

e2e-smoke: build ## the faults that CI runs
	$(E2E) --smoke

page-check: build ## the page in Chromium (Debian's chromium, npm): accessibility, width, first paint, policy; screenshots in bin/page
	cd test/page && npm install --no-audit --no-fund --no-package-lock --silent
	bin/kubectl-stuck demo -o html > bin/page.html
	bin/kubectl-stuck demo -o json | node test/page/many.mjs | bin/kubectl-stuck convert -o html > bin/many.html
	bin/kubectl-stuck web -f internal/demo/dump > bin/web.url & served=$$!; sleep 2; cd test/page && \
		node check.mjs $(CURDIR)/bin/page $(CURDIR)/bin/page.html $(CURDIR)/bin/many.html $$(head -1 $(CURDIR)/bin/web.url); \
		failed=$$?; kill $$served; exit $$failed

tour: build ## docs/tour.md: a transcript on the lab, broken in ten ways at once
	$(LABCMD) tour --stuck $(CURDIR)/bin/kubectl-stuck --out $(CURDIR)/docs/tour.md

SEED ?= 1
N ?= 100
mutate: ## how many faults in the code of the causes the cases notice: N of them (0: all), picked by SEED
	$(GO) run ./internal/casetest/mutate -seed $(SEED) -n $(N)
