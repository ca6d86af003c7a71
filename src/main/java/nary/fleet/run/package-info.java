/** One thing done on many servers. */
@org.jspecify.annotations.NullMarked
package nary.fleet.run;
