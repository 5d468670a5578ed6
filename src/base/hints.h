/* What compilers are told beyond the language: which way is rare, what to inline. All optional. */
#ifndef CNN_BASE_HINTS_H
#define CNN_BASE_HINTS_H

/* The function leads to an error: its callers lay out the way without it straight. */
#if defined(__GNUC__)
#define CNN_COLD __attribute__((cold))
#else
#define CNN_COLD
#endif

/* A condition that nearly always holds. */
#if defined(__GNUC__)
#define CNN_LIKELY(condition) __builtin_expect((condition), 1)
#else
#define CNN_LIKELY(condition) (condition)
#endif

/* Inlines all that a function calls: for the one loop that nearly everything goes through. */
#if defined(__GNUC__)
#define CNN_FLAT __attribute__((flatten))
#else
#define CNN_FLAT
#endif

/* Keeps a rarely used function out of its caller, which then needs fewer registers. */
#if defined(__GNUC__)
#define CNN_APART __attribute__((noinline))
#else
#define CNN_APART
#endif

#endif
