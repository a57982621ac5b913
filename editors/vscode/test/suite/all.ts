// The tests, in the order in which they run.

import "./start";
import "./edit";
import "./change";
import "./read";
import "./run";
import "./sessions";
import "./time";
import "./python";
import "./timeline";
import "./walkthrough";
