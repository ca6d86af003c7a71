@org.jspecify.annotations.NullMarked
package nary.control;
