package diag

// Codes of the group call.
const ()

var callRows = []Row{}
