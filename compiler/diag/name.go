package diag

// Codes of the group name.
const ()

var nameRows = []Row{}
