@org.jspecify.annotations.NullMarked
package nary.supervisor;
