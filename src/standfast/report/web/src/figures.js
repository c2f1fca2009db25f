// Which drawing shows which figure of an answer.

import { boxes } from "./boxes.js";
import { curve, lines } from "./curve.js";
import { front } from "./front.js";
import { pairs } from "./pairs.js";
import { phase } from "./phase.js";
import { ranges } from "./ranges.js";
import { roc } from "./roc.js";

export const DRAWINGS = { boxes, curve, front, lines, pairs, phase, ranges, roc };
