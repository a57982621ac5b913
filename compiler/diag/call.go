package diag

// Codes of the group call.
const (
	WrongCount        Code = 201
	UnknownArgument   Code = 202
	DuplicateArgument Code = 203
	PositionAfterName Code = 204
	NotAFunction      Code = 205
	ImportCount       Code = 206
)

var callRows = []Row{
	{Code: WrongCount, Severity: Error, Title: "Wrong number of arguments"},
	{Code: UnknownArgument, Severity: Error, Title: "Named argument without a parameter"},
	{Code: DuplicateArgument, Severity: Error, Title: "Argument given twice"},
	{Code: PositionAfterName, Severity: Error, Title: "Positional argument after a named one"},
	{Code: NotAFunction, Severity: Error, Title: "Call of something that is no function", AtRunTime: true},
	{Code: ImportCount, Severity: Warning, Title: "Python call with another count than its import"},
}
