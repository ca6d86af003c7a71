/** Benchmarks: nary side by side with what a user would pick instead. Started by bench/run. */
package nary.bench;
