@org.jspecify.annotations.NullMarked
package nary.worker;
