/**
 * The learning rate of one step; a pure function.
 *
 * @param step from 0 to `steps − 1`
 * @param steps of the whole run
 */
export type Schedule = (step: number, steps: number) => number;
