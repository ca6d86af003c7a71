@org.jspecify.annotations.NullMarked
package nary.time;
