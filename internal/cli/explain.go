package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

func explainCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Explain a code that check, run or an editor has shown",
		Long:  `Without a code, all codes are listed.`,
		Example: `hark-ls explain HK0101
hark-ls explain 101`,
		Args: arguments(0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var all []string
			for _, row := range diag.Table {
				all = append(all, row.Code.String()+"\t"+row.Title)
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listCodes(env)
			}
			row, ok := findCode(args[0])
			if !ok {
				return usageError(cmd, "there is no code '%s'; hark-ls explain lists those that there are", args[0])
			}
			return explain(env.Out, env.out, row)
		},
	}
}

// findCode finds the row of a code as people write it: HK0101, hk101, 101.
func findCode(written string) (diag.Row, bool) {
	digits := strings.TrimPrefix(strings.ToUpper(written), "HK")
	number, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return diag.Row{}, false
	}
	return diag.Find(diag.Code(number))
}

func listCodes(env *environment) error {
	for _, row := range diag.Table {
		severity := severityPaint(env.out, row.Severity)
		if _, err := fmt.Fprintf(env.Out, "%s  %-*s  %s\n", row.Code, 7+len(severity)-len(row.Severity.String()), severity, row.Title); err != nil {
			return err
		}
	}
	return nil
}

func explain(w io.Writer, p paint, row diag.Row) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s\n", p.bold(row.Code.String()), severityPaint(p, row.Severity), p.bold(row.Title))
	fmt.Fprintf(&b, "\n%s\n", wrapped(strings.TrimSpace(row.Doc)))
	example(&b, p.red("Wrong:"), row.Bad)
	example(&b, p.green("Right:"), row.Good)
	_, err := io.WriteString(w, b.String())
	return err
}

// textWidth is how wide text is made that people read.
const textWidth = 96

// wrapped breaks the long lines of paragraphs. Lists, tables and code are left as they are.
func wrapped(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "|") {
			b.WriteString(line)
			continue
		}
		column := 0
		for j, word := range strings.Fields(line) {
			switch {
			case j == 0:
			case column+1+columnsOf(word) > textWidth:
				b.WriteByte('\n')
				column = 0
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += columnsOf(word)
		}
	}
	return b.String()
}

func example(b *strings.Builder, heading, code string) {
	if code == "" {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", heading)
	for _, line := range strings.Split(strings.Trim(code, "\n"), "\n") {
		b.WriteString(strings.TrimRight("    "+line, " \t") + "\n")
	}
}

func severityPaint(p paint, s diag.Severity) string {
	switch s {
	case diag.Error:
		return p.red(s.String())
	case diag.Warning:
		return p.yellow(s.String())
	}
	return p.blue(s.String())
}
