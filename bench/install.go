package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The tools that are compared with are installed into the user's cache, at their first use, in exactly these versions.

func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "hark-ls", "bench"), err
}

// installGo is a program written in Go, whose "version" shows its version.
func installGo(name, path, version string) (binary string, err error) {
	dir, err := cacheFolder()
	if err != nil {
		return "", err
	}
	binary = filepath.Join(dir, name)
	if out, err := exec.Command(binary, "version").Output(); err == nil && strings.Contains(string(out), strings.TrimPrefix(version, "v")) {
		return binary, nil
	}
	fmt.Fprintln(os.Stderr, "installing", name, version, "into", dir)
	install := exec.Command("go", "install", path+"@"+version)
	install.Env = append(os.Environ(), "GOBIN="+dir)
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("install %s: %w\n%s", name, err, out)
	}
	return binary, nil
}

// installPython is an interpreter of an environment that has a package and what it needs.
func installPython(from, name, version string) (interpreter string, err error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, name+"-"+version)
	interpreter = filepath.Join(dir, "bin", "python")
	complete := filepath.Join(dir, "complete")
	if _, err := os.Stat(complete); err == nil {
		return interpreter, nil
	}
	fmt.Fprintln(os.Stderr, "installing", name, version, "into", dir)
	for _, command := range [][]string{
		{from, "-m", "venv", "--clear", dir},
		{interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", name + "==" + version},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("install %s: %w\n%s", name, err, out)
		}
	}
	return interpreter, os.WriteFile(complete, nil, 0o644)
}
