/** What a fleet is: its file, read with the place of everything in it, and the table of its keys. */
@org.jspecify.annotations.NullMarked
package nary.fleet.spec;
