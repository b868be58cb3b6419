/** The gateway has a core of its own; load, subgraphs and the benchmark itself share the other. */
export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;
