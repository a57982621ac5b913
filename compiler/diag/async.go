package diag

// Codes of the group async.
const ()

var asyncRows = []Row{}
