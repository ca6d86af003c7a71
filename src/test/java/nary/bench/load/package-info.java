/** Load: closed loops, constant rate, and the programs wrk and ab. */
package nary.bench.load;
