/** The paper's limit of |gamma| below which a feature counts as switched off. */
export const PAPER_THRESHOLD = 0.01;
