/** Sheets that are offered; the address and the command line take others, too. */

export const SHEETS: [value: string, name: string][] = [
  ["a4-ruled", "A4, ruled"],
  ["a4", "A4, plain"],
  ["a4-margin", "A4, ruled with margin"],
  ["a4-squared", "A4, squared"],
  ["a4-dotted", "A4, dotted"],
  ["a5", "A5, plain"],
  ["a5-ruled", "A5, ruled"],
  ["a5-squared", "A5, squared"],
  ["a5-landscape", "A5 across, plain"],
  ["a6-landscape", "A6 across, plain: a postcard"],
  ["letter", "Letter, plain"],
  ["letter-college", "Letter, college ruled"],
  ["letter-wide", "Letter, wide ruled"],
  ["legal-margin", "Legal, ruled with margin"],
  ["card-3x5", "Index card, 3 × 5 in"],
  ["card-4x6", "Index card, 4 × 6 in"],
];
