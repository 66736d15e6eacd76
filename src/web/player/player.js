// SPDX-License-Identifier: MIT
// The page in the web view that draws what the application tells it to.
import { Replayer } from 'rrweb';
globalThis.SightPlayer = { Replayer };
