module github.com/hark-lang/hark-ls

go 1.26
