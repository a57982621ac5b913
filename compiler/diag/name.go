package diag

// Codes of the group name.
const (
	UndefinedName       Code = 101
	UnsetName           Code = 102
	UnusedLocal         Code = 103
	UnusedParameter     Code = 104
	UnusedImport        Code = 105
	HiddenName          Code = 106
	UnreadValue         Code = 107
	DuplicateDefinition Code = 108
	DuplicateParameter  Code = 109
	Unreachable         Code = 110
	DuplicateKey        Code = 111
	ImportedFile        Code = 112
	ImportedName        Code = 113
)

var nameRows = []Row{
	{Code: UndefinedName, Severity: Error, Title: "Undefined name"},
	{Code: UnsetName, Severity: Error, Title: "Name read before it is assigned"},
	{Code: UnusedLocal, Severity: Warning, Title: "Unused local", Unnecessary: true},
	{Code: UnusedParameter, Severity: Hint, Title: "Unused parameter", Unnecessary: true},
	{Code: UnusedImport, Severity: Warning, Title: "Unused import", Unnecessary: true},
	{Code: HiddenName, Severity: Warning, Title: "Name hides another"},
	{Code: UnreadValue, Severity: Warning, Title: "Value that is never read"},
	{Code: DuplicateDefinition, Severity: Warning, Title: "Name defined twice"},
	{Code: DuplicateParameter, Severity: Error, Title: "Two parameters of one name"},
	{Code: Unreachable, Severity: Warning, Title: "Code that never runs", Unnecessary: true},
	{Code: DuplicateKey, Severity: Warning, Title: "Two equal keys in a hash"},
	{Code: ImportedFile, Severity: Error, Title: "Import from a file that is not there"},
	{Code: ImportedName, Severity: Error, Title: "Import of a name that the file does not define"},
}
