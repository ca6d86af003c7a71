/** What was measured, what follows from it, and how it is shown. */
package nary.bench.result;
