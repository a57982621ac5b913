package cli

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// skeleton is the project that init writes. Names that start with a dot are written without it here, as embedding and
// version control would take them for their own.
//
//go:embed skeleton
var skeleton embed.FS

func initCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a project that runs at once",
		Long: `Writes a project file, a pipeline and a Python module into DIR, which is made if it does not exist;
into the current folder if none is given. No file is ever overwritten.`,
		Example: `hark-ls init hello
cd hello
hark-ls run service.hk`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := orHere(args)[0]
			if dir == "" {
				return usageError(cmd, "the name of the folder is empty")
			}
			files, err := skeletonFiles()
			if err != nil {
				return err
			}
			if err := nothingThere(dir, files); err != nil {
				return err
			}
			for _, name := range files {
				if name == ignoreFile && exists(filepath.Join(dir, target(name))) {
					continue
				}
				if err := writeSkeleton(dir, name); err != nil {
					return err
				}
				fmt.Fprintf(env.Out, "%s %s\n", env.out.green("made"), filepath.Join(dir, target(name)))
			}
			return nextSteps(env, dir)
		},
	}
}

// ignoreFile is kept where a folder has one already: it does not stand in the way.
const ignoreFile = "gitignore"

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func skeletonFiles() ([]string, error) {
	var files []string
	err := fs.WalkDir(skeleton, "skeleton", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, strings.TrimPrefix(path, "skeleton/"))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the skeleton: %w", err)
	}
	return files, nil
}

// target is where a file of the skeleton goes in the project.
func target(name string) string {
	if name == ignoreFile {
		return ".gitignore"
	}
	return filepath.FromSlash(name)
}

func nothingThere(dir string, files []string) error {
	for _, name := range files {
		if path := filepath.Join(dir, target(name)); name != ignoreFile && exists(path) {
			return &failure{exitUsage, fmt.Errorf("%s is there already; nothing was written", path)}
		}
	}
	return nil
}

func writeSkeleton(dir, name string) error {
	content, err := skeleton.ReadFile("skeleton/" + name)
	if err != nil {
		return fmt.Errorf("read the skeleton: %w", err)
	}
	path := filepath.Join(dir, target(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	if _, err := file.Write(content); err != nil {
		file.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	return file.Close()
}

func nextSteps(env *environment, dir string) error {
	fmt.Fprint(env.Out, "\nNext:\n")
	if dir != "." {
		fmt.Fprintf(env.Out, "  cd %s\n", dir)
	}
	_, err := fmt.Fprint(env.Out, "  hark-ls run service.hk\n")
	return err
}
