/** Premises that many cases share. */
import type { Bounds, Measured } from '../premise.ts';

/** The slow disk was at work over the whole of the measurement; no half second of it was a pause. */
export const SATURATED: Bounds<Measured> = { meanBusyPercent: { atLeast: 95 }, minBusyPercent: { atLeast: 50 } };
