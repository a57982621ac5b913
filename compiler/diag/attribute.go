package diag

// Codes of the group attribute.
const ()

var attributeRows = []Row{}
