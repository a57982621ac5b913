package ffi

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Interpreter finds the project's Python: configured (the key "python" of [project] in hark.toml; relative to root if it is a
// path), else that of the virtual environment that $VIRTUAL_ENV names, else python3 on the PATH. The error says where it was
// looked for.
func Interpreter(configured, root string) (string, error) {
	if configured != "" {
		path, err := lookUp(configured, root)
		if err != nil {
			return "", fmt.Errorf("find Python: hark.toml says python = %q: %w", configured, err)
		}
		return path, nil
	}
	if env := os.Getenv("VIRTUAL_ENV"); env != "" {
		path, err := lookUp(filepath.Join(env, environmentPython()), root)
		if err != nil {
			return "", fmt.Errorf("find Python: VIRTUAL_ENV is %s: %w", env, err)
		}
		return path, nil
	}
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New(`find Python: there is no python3 on the PATH; install Python 3.8 or newer, or name one in hark.toml: [project] python = "…"`)
}

func environmentPython() string {
	if runtime.GOOS == "windows" {
		return filepath.Join("Scripts", "python.exe")
	}
	return filepath.Join("bin", "python")
}

// lookUp finds a command on the PATH, or, if it has a slash, a file.
func lookUp(name, root string) (string, error) {
	if strings.ContainsRune(filepath.ToSlash(name), '/') && !filepath.IsAbs(name) {
		name = filepath.Join(root, name)
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}
