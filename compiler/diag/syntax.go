package diag

// Codes of the group syntax.
const ()

var syntaxRows = []Row{}
