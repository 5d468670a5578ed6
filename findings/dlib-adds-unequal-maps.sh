#!/usr/bin/env bash
# dlib 19.24's add_prev adds maps of unequal size and depth without a word.
#
# The smaller one is filled up with zeros, in channels, rows and columns: 2x13x13 and 4x28x28 give
# 4x28x28, though only a corner of the first two channels is a sum. Other frameworks raise an error.
. "$(dirname "$0")/packages"
debian_packages libdlib-dev=19.24+dfsg-1

cat >sum.cpp <<'CPP'
#include <dlib/dnn.h>
#include <iostream>
using namespace dlib;
using in = input<matrix<float>>;
using before = tag1<con<4, 3, 3, 1, 1, in>>;
using joined = add_prev1<con<2, 3, 3, 2, 2, before>>;
int main()
{
    joined net;
    std::vector<matrix<float>> image(1, ones_matrix<float>(28, 28));
    resizable_tensor x;
    net.to_tensor(image.begin(), image.end(), x);
    const tensor &y = net.forward(x), &a = net.subnet().get_output();
    const tensor &b = layer<tag1>(net).get_output();
    for (const tensor *t : {&a, &b, &y}) {
        std::cout << t->k() << "x" << t->nr() << "x" << t->nc() << "\n";
    }
}
CPP
LD_LIBRARY_PATH='' g++ -std=c++14 -I root/usr/include sum.cpp -o sum -L root/usr/lib/x86_64-linux-gnu \
    -Wl,--unresolved-symbols=ignore-in-shared-libs -ldlib -lpthread
expect "dlib 19.24" "$(./sum | paste -sd ' ')" "2x13x13 4x28x28 4x28x28"
