// The tests, in the order in which they run.

import "./start";
import "./edit";
import "./read";
import "./run";
