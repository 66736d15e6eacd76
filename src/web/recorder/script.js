// SPDX-License-Identifier: MIT
// What the script tag loads: starts the recorder with the options in its attributes.
import { record } from 'rrweb';
globalThis.SessionSight = { record };
