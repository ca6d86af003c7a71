/** What the program is called naught for: its verbs, its words and its exit codes. */
@org.jspecify.annotations.NullMarked
package nary.cli.naught;
