/** The process managers, and the processes of theirs. */
package nary.bench.peer;
