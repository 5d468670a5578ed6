/* Lists of values and how they are spread over the network. */
#ifndef CNN_CHECK_VALUE_LIST_H
#define CNN_CHECK_VALUE_LIST_H

#include "check/reading.h"

enum { CNN_MOST_MERGED = 64 }; /* values with commas between thousands in a list with commas */

/* How a list is spread: which layers have a value, and whether the last one is the total. */
typedef struct cnn_spread {
    bool every;   /* each row has one; otherwise only those that have any */
    bool all;     /* rows are layers, also inside items */
    bool windows; /* of the layers only the sliding windows */
    bool input;   /* it begins with the network's input */
    bool total;
} cnn_spread;

typedef struct cnn_value_list {
    cnn_text all; /* the text of the claim; places are counted from its beginning */
    cnn_text values;
    cnn_claim claim; /* what all values have in common */
    const cnn_numbers *numbers;
    cnn_error *err;

    /* What is found. */
    char separator;
    int32_t count; /* values, when each separator separates */
    cnn_figures figures;
    cnn_spread way;
    int32_t pieces[CNN_MOST_MERGED]; /* how many of these each value is made of; [0] 0: one */
    int32_t right;                   /* of its values */
    bool all_right;
    const char *remark;
} cnn_value_list;

/* Finds the way to read the list that is kindest to the pupil. False: it is none, or no way fits.
 */
bool cnn_value_list_find(cnn_value_list *list);

/* Adds its claims. False: out of memory. */
bool cnn_value_list_add(cnn_value_list *list, cnn_claims *claims);

/* The error of a list that no way fits. */
bool cnn_value_list_fail(cnn_value_list *list);

#endif
