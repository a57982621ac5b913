package diag

// Codes of the group project: what is wrong with a hark.toml.
const (
	ProjectSyntax Code = 701
	UnknownKey    Code = 702
	UnknownLevel  Code = 703
	ValueKind     Code = 704
)

const soundMain = "-- main.hk --\nfn main() {\n  1\n}\n"

var projectRows = []Row{
	{
		Code: ProjectSyntax, Severity: Error, Title: "a hark.toml that cannot be read",
		Doc: "The file is not TOML from this place on: a bracket or a quote is missing, a value has no quotes, a key stands there twice. " +
			"Until it can be read, no program of the project runs, and `check` goes by what holds without the file.",
		Bad:  "-- hark.toml --\n[project]\nhark_file = main.hk\n" + soundMain,
		Good: "-- hark.toml --\n[project]\nhark_file = \"main.hk\"\n" + soundMain,
	},
	{
		Code: UnknownKey, Severity: Warning, Title: "a key of hark.toml that has no effect",
		Doc: "Nothing reads a key or a section of this name. It may be misspelt, or stand in another section than it belongs to: the program " +
			"is described in `[project]`, what is deployed in `[instance]`, and the levels of diagnostics in `[lint]`.",
		Bad:  "-- hark.toml --\n[project]\npython_source = \"lib\"\n" + soundMain,
		Good: "-- hark.toml --\n[project]\npython_src = \"lib\"\n" + soundMain,
	},
	{
		Code: UnknownLevel, Severity: Warning, Title: "a code or level in [lint] that does not exist",
		Doc: "In `[lint]` the code of a diagnostic, such as `HK0107`, is given a level: `off`, `hint`, `info`, `warning` or `error`. " +
			"This is no code that there is, or no such level, and has no effect.",
		Bad:  "-- hark.toml --\n[lint]\nHK0107 = \"ignore\"\n" + soundMain,
		Good: "-- hark.toml --\n[lint]\nHK0107 = \"off\"\n" + soundMain,
	},
	{
		Code: ValueKind, Severity: Error, Title: "a value of the wrong kind in hark.toml",
		Doc: "The key is known, and its value is of another kind than it has to be: a number or a list where a text belongs, for instance. " +
			"The file as a whole is not used then, as if it could not be read.",
		Bad:  "-- hark.toml --\n[project]\nhark_file = 3\n" + soundMain,
		Good: "-- hark.toml --\n[project]\nhark_file = \"main.hk\"\n" + soundMain,
	},
}
