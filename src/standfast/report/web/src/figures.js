// Which drawing shows which figure of an answer.

import { curve, lines } from "./curve.js";
import { phase } from "./phase.js";
import { ranges } from "./ranges.js";

export const DRAWINGS = { curve, lines, phase, ranges };
