package diag

// Codes of the group attribute.
const (
	UnknownAttribute         Code = 601
	UnknownAttributeArgument Code = 602
	WrongAttributeArgument   Code = 603
	MisplacedAttribute       Code = 604
	TimeoutWithoutAsync      Code = 605
	DuplicateAttribute       Code = 606
)

var attributeRows = []Row{
	{Code: UnknownAttribute, Severity: Warning, Title: "Unknown attribute"},
	{Code: UnknownAttributeArgument, Severity: Warning, Title: "Unknown argument of an attribute"},
	{Code: WrongAttributeArgument, Severity: Error, Title: "Wrong argument of an attribute", AtRunTime: true},
	{Code: MisplacedAttribute, Severity: Warning, Title: "Attribute without effect here"},
	{Code: TimeoutWithoutAsync, Severity: Warning, Title: "Timeout without effect on a plain call"},
	{Code: DuplicateAttribute, Severity: Warning, Title: "Attribute given twice"},
}
