/* The steps of a calculation, told by the functions that calculate. */
#ifndef CNN_BASE_TRACE_H
#define CNN_BASE_TRACE_H

#include <cnncalc/cnncalc.h>

/* What a step gives. */
typedef enum cnn_step_kind {
    CNN_STEP_EXTENT, /* what a dilated kernel covers */
    CNN_STEP_SIDE,   /* of the output */
    CNN_STEP_LAST,   /* where the last window begins */
    CNN_STEP_LIMIT,  /* where the padding after the input begins */
    CNN_STEP_PAD,    /* at each side */
    CNN_STEP_PAD_ALL,
    CNN_STEP_PAD_LOW,
    CNN_STEP_PAD_HIGH,
    CNN_STEP_EXTRA,    /* rows and columns added to a transposed convolution's output */
    CNN_STEP_CHANNELS, /* of the output */
    CNN_STEP_FEATURES, /* a map as a vector */
    CNN_STEP_TAPS,     /* weights of the kernel at one channel */
    CNN_STEP_ROWS,     /* of a map's last axis */
    CNN_STEP_PLACES,   /* of the output's map */
    CNN_STEP_WEIGHTS,
    CNN_STEP_BIASES,
    CNN_STEP_STATISTICS,
    CNN_STEP_MACS,
    CNN_STEP_FLOPS,
    CNN_STEP_FIELD, /* the receptive field, */
    CNN_STEP_JUMP,  /* the pixels from one to the next, */
    CNN_STEP_START, /* and the middle of the first */
    CNN_STEP_COUNT, /* what the quantity is that is being worked out, see measure/quantity.h */
    CNN_STEP_KINDS
} cnn_step_kind;

/* Whether a step goes on where the last one of its quantity and axis stopped. */
typedef enum cnn_joining { CNN_ALONE, CNN_SUMMED, CNN_LARGEST } cnn_joining;

enum { CNN_STEP_NUMBERS = 10 };

/*
 * One step. The formula is made of numbers, names, + - * / ( ) and floor, ceil; a name is a letter,
 * or a letter and its subscript ("kh"). Its names, in the order in which they appear
 * first, are the numbers of `value`. W is the side that enters: of a height, H is written
 * instead.
 */
typedef struct cnn_step {
    cnn_step_kind quantity;
    int32_t axis; /* 0: none; 1, 2, 3: of the map, in its order */
    cnn_joining joining;
    bool dilated;        /* the formula's k is an extent, written e */
    const char *formula; /* NULL: there is only the note */
    const char *note;    /* a remark, a sentence without its full stop; may be NULL */
    const char *label;   /* of the result; filled in where the steps are collected */
    const char *name;    /* the same for programs: the quantity's, or `label` */
    int64_t value[CNN_STEP_NUMBERS];
    int64_t over[CNN_STEP_NUMBERS]; /* denominators; 0 means 1 */
    int64_t result;
    int64_t result_over;
} cnn_step;

/* The receiver of the steps. A step lives as long as the call. */
typedef struct cnn_trace {
    void (*tell)(void *user, const cnn_step *step);
    void *user;
} cnn_trace;

/*
 * Functions that calculate take a trace that may be NULL and tell it their steps:
 *
 *     if (trace != NULL) {
 *         cnn_tell(trace, &(cnn_step){.quantity = ..., .formula = "k - s", .value = {k, s}, ...});
 *     }
 */
static inline void cnn_tell(const cnn_trace *trace, const cnn_step *step)
{
    trace->tell(trace->user, step);
}

#endif
