// Stands for Ink's connection to React's developer tools, which Ink makes with DEV=true: they are not shipped.
export {};
