@org.jspecify.annotations.NullMarked
package nary.listen;
