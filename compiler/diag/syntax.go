package diag

// Codes of the group syntax.
const (
	IllegalCharacter   Code = 1
	InvalidUTF8        Code = 2
	UnterminatedString Code = 3
	BadEscape          Code = 4
	LoneSurrogate      Code = 5
	BadNumber          Code = 6
	OpenComment        Code = 7
	MissingSemicolon   Code = 8
	MissingComma       Code = 9
	MissingExpression  Code = 10
	MissingName        Code = 11
	MissingBlock       Code = 12
	EmptyBlock         Code = 13
	UnclosedBracket    Code = 14
	UnmatchedBracket   Code = 15
	UnexpectedText     Code = 16
	BadTarget          Code = 17
	TopLevelText       Code = 18
	NestedFunction     Code = 19
	LonelyElse         Code = 20
	MissingCatch       Code = 21
	BadName            Code = 22
	UnknownType        Code = 23
	TypeArguments      Code = 24
	BadImport          Code = 25
	BadAttribute       Code = 26
	HashOrBlock        Code = 27
	ForeignWord        Code = 28
	NamedArgumentForm  Code = 29
	BraceEndsHere      Code = 30
	TooDeep            Code = 31
)

var syntaxRows = []Row{
	{Code: IllegalCharacter, Severity: Error, Title: "illegal character"},
	{Code: InvalidUTF8, Severity: Error, Title: "invalid u t f8"},
	{Code: UnterminatedString, Severity: Error, Title: "unterminated string"},
	{Code: BadEscape, Severity: Error, Title: "bad escape"},
	{Code: LoneSurrogate, Severity: Error, Title: "lone surrogate"},
	{Code: BadNumber, Severity: Error, Title: "bad number"},
	{Code: OpenComment, Severity: Error, Title: "open comment"},
	{Code: MissingSemicolon, Severity: Error, Title: "missing semicolon"},
	{Code: MissingComma, Severity: Error, Title: "missing comma"},
	{Code: MissingExpression, Severity: Error, Title: "missing expression"},
	{Code: MissingName, Severity: Error, Title: "missing name"},
	{Code: MissingBlock, Severity: Error, Title: "missing block"},
	{Code: EmptyBlock, Severity: Error, Title: "empty block"},
	{Code: UnclosedBracket, Severity: Error, Title: "unclosed bracket"},
	{Code: UnmatchedBracket, Severity: Error, Title: "unmatched bracket"},
	{Code: UnexpectedText, Severity: Error, Title: "unexpected text"},
	{Code: BadTarget, Severity: Error, Title: "bad target"},
	{Code: TopLevelText, Severity: Error, Title: "top level text"},
	{Code: NestedFunction, Severity: Error, Title: "nested function"},
	{Code: LonelyElse, Severity: Error, Title: "lonely else"},
	{Code: MissingCatch, Severity: Error, Title: "missing catch"},
	{Code: BadName, Severity: Error, Title: "bad name"},
	{Code: UnknownType, Severity: Error, Title: "unknown type"},
	{Code: TypeArguments, Severity: Error, Title: "type arguments"},
	{Code: BadImport, Severity: Error, Title: "bad import"},
	{Code: BadAttribute, Severity: Error, Title: "bad attribute"},
	{Code: HashOrBlock, Severity: Error, Title: "hash or block"},
	{Code: ForeignWord, Severity: Error, Title: "foreign word"},
	{Code: NamedArgumentForm, Severity: Error, Title: "named argument form"},
	{Code: BraceEndsHere, Severity: Warning, Title: "brace ends here"},
	{Code: TooDeep, Severity: Error, Title: "too deep"},
}
