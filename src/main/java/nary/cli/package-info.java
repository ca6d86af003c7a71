@org.jspecify.annotations.NullMarked
package nary.cli;
