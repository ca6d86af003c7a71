@org.jspecify.annotations.NullMarked
package nary.log;
