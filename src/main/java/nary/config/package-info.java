@org.jspecify.annotations.NullMarked
package nary.config;
