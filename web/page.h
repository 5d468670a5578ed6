/* What the C side of the page has: one request, with its fields, and where output goes. */
#ifndef CNN_WEB_PAGE_H
#define CNN_WEB_PAGE_H

#include <cnncalc/cnncalc.h>

/* The streams that the page tells apart. */
enum { STREAM_OUTPUT = 1, STREAM_MESSAGES = 2 };

enum { MAX_MANY = 64 };

/* A text that may be given several times. */
typedef struct many {
    cnn_text text[MAX_MANY];
    int32_t count;
} many;

/* What is asked, read from the bytes of a request. */
typedef struct request {
    cnn_text list, name, task, like, loss, values, from, model, seed, samples, most;
    cnn_text joined; /* all claims, a line each: those about gradients may use earlier ones */
    bool has_values, builtin, fold;
    many inputs, defines, wants;
    cnn_claim_text claims[MAX_MANY];
    int32_t claim_count;
    cnn_report_options report;
} request;

/* Fills in the request from its bytes, to which it keeps pointing. False: a field means nothing, or
 * there are too many. */
bool page_request_read(request *r, const unsigned char *bytes, size_t size);

/* A number in digits; 0 when it is none. */
uint64_t page_number_of(cnn_text text);

/* Rows with the places of their texts, totals and mismatches, as JSON for the page. `most` rows at
 * most; of the others only the number is written. */
void page_view(const cnn_network *net, bool every_layer, int32_t most, cnn_writer *to);

/* The built-in networks and the words of the language, as JSON. */
void page_words(cnn_writer *to);

#endif
