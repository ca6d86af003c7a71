@org.jspecify.annotations.NullMarked
package nary.posix;
