/*
 * Eight pixels by eight channels: 16 accumulators of four channels. An SDOT multiplies four bytes of a pixel, a lane of
 * its vector of 16, with four bytes of each of four channels.
 *
 *   v0-v7    16 bytes of the eight pixels; later the output stage
 *   v8, v9   weights of eight channels
 *   v16-v31  sums: pixel p in v(16 + 2p), v(17 + 2p)
 *   x6-x13   pixels                   x2   stream             x14  bytes of four steps' channels, 4 * channels
 *   x15      offset into a pixel      x3   output             w4   count
 *   x16, w17 offsets of runs left     w1   steps left         w5   channels left
 *   x19      constants of the block   w20  steps of a run     x21  output channels
 */
/* Room on the stack for outputs, above callee-saved registers. */
  .set OUTPUTS, 32

/* The next four bytes of every pixel, which lie in `lane` of v0-v7. */
.macro step lane
  ld1 {v8.16b, v9.16b}, [x2], x14
  sdot v16.4s, v8.16b, v0.4b[\lane]
  sdot v18.4s, v8.16b, v1.4b[\lane]
  sdot v20.4s, v8.16b, v2.4b[\lane]
  sdot v22.4s, v8.16b, v3.4b[\lane]
  sdot v24.4s, v8.16b, v4.4b[\lane]
  sdot v26.4s, v8.16b, v5.4b[\lane]
  sdot v28.4s, v8.16b, v6.4b[\lane]
  sdot v30.4s, v8.16b, v7.4b[\lane]
  sdot v17.4s, v9.16b, v0.4b[\lane]
  sdot v19.4s, v9.16b, v1.4b[\lane]
  sdot v21.4s, v9.16b, v2.4b[\lane]
  sdot v23.4s, v9.16b, v3.4b[\lane]
  sdot v25.4s, v9.16b, v4.4b[\lane]
  sdot v27.4s, v9.16b, v5.4b[\lane]
  sdot v29.4s, v9.16b, v6.4b[\lane]
  sdot v31.4s, v9.16b, v7.4b[\lane]
.endm

.macro load_pixels
  ldr q0, [x6, x15]
  ldr q1, [x7, x15]
  ldr q2, [x8, x15]
  ldr q3, [x9, x15]
  ldr q4, [x10, x15]
  ldr q5, [x11, x15]
  ldr q6, [x12, x15]
  ldr q7, [x13, x15]
.endm

/* Sums of eight channels of a pixel become int16 outputs in `low`. The sign turns halves up into halves away from 0. */
.macro scale low, high
  sqrdmulh v\low\().4s, v\low\().4s, v0.4s
  sqrdmulh v\high\().4s, v\high\().4s, v1.4s
  ssra v\low\().4s, v\low\().4s, #31
  ssra v\high\().4s, v\high\().4s, #31
  srshl v\low\().4s, v\low\().4s, v2.4s
  srshl v\high\().4s, v\high\().4s, v3.4s
  sqxtn v\low\().4h, v\low\().4s
  sqxtn2 v\low\().8h, v\high\().4s
  sqadd v\low\().8h, v\low\().8h, v4.8h
.endm

.macro pack first, second
  sqxtn v\first\().8b, v\first\().8h
  sqxtn2 v\first\().16b, v\second\().8h
  smax v\first\().16b, v\first\().16b, v5.16b
  smin v\first\().16b, v\first\().16b, v6.16b
.endm

  .section .text.whittle_conv_tiles_s8_dotprod, "ax", %progbits
  .align 2
  .global whittle_conv_tiles_s8_dotprod
  .type whittle_conv_tiles_s8_dotprod, %function
whittle_conv_tiles_s8_dotprod:
  stp x19, x20, [sp, #-112]!
  stp x21, x22, [sp, #16]
  str d8, [sp, #96]
  str d9, [sp, #104]
  ldp x6, x7, [x1]
  ldp x8, x9, [x1, #16]
  ldp x10, x11, [x1, #32]
  ldp x12, x13, [x1, #48]
  ldr w20, [x0, #12]
  ldr w5, [x0, #16]
  mov w21, w5

.Lblock:
  mov w14, #8
  cmp w5, #8
  csel w14, w5, w14, lo
  add x19, x2, x14, lsl #2      /* multipliers */
  ldp q16, q17, [x2]
  add x2, x19, x14, lsl #2
  add x2, x2, x14
  lsl x14, x14, #2
  ldr x16, [x0]
  ldr w17, [x0, #8]
  mov v18.16b, v16.16b
  mov v19.16b, v17.16b
  mov v20.16b, v16.16b
  mov v21.16b, v17.16b
  mov v22.16b, v16.16b
  mov v23.16b, v17.16b
  mov v24.16b, v16.16b
  mov v25.16b, v17.16b
  mov v26.16b, v16.16b
  mov v27.16b, v17.16b
  mov v28.16b, v16.16b
  mov v29.16b, v17.16b
  mov v30.16b, v16.16b
  mov v31.16b, v17.16b

.Lrun:
  ldrsw x15, [x16], #4
  subs w1, w20, #4
  b.lo .Ltail
.Lslice:
  load_pixels
  step 0
  step 1
  add x15, x15, #16
  step 2
  step 3
  subs w1, w1, #4
  b.hs .Lslice
.Ltail:
  adds w1, w1, #4
  b.eq .Lrun_end
  load_pixels
  step 0
  subs w1, w1, #1
  b.eq .Lrun_end
  step 1
  subs w1, w1, #1
  b.eq .Lrun_end
  step 2
.Lrun_end:
  subs w17, w17, #1
  b.ne .Lrun

  ldp q0, q1, [x19]
  ldr d2, [x19, x14]
  sshll v2.8h, v2.8b, #0
  sshll2 v3.4s, v2.8h, #0
  sshll v2.4s, v2.4h, #0
  ldr w15, [x0, #20]
  ldp w16, w17, [x0, #24]
  dup v4.8h, w15
  dup v5.16b, w16
  dup v6.16b, w17
  scale 16, 17
  scale 18, 19
  pack 16, 18
  scale 20, 21
  scale 22, 23
  pack 20, 22
  scale 24, 25
  scale 26, 27
  pack 24, 26
  scale 28, 29
  scale 30, 31
  pack 28, 30
  cmp w4, #8
  ccmp w5, #8, #0, eq
  b.lo .Lcareful
  mov x15, x3
  st1 {v16.d}[0], [x15], x21
  st1 {v16.d}[1], [x15], x21
  st1 {v20.d}[0], [x15], x21
  st1 {v20.d}[1], [x15], x21
  st1 {v24.d}[0], [x15], x21
  st1 {v24.d}[1], [x15], x21
  st1 {v28.d}[0], [x15], x21
  st1 {v28.d}[1], [x15]
.Lstored:
  add x3, x3, #8
  subs w5, w5, #8
  b.hi .Lblock

  ldr d9, [sp, #104]
  ldr d8, [sp, #96]
  ldp x21, x22, [sp, #16]
  ldp x19, x20, [sp], #112
  ret

/* Fewer pixels or channels: by way of the stack. */
.Lcareful:
  add x15, sp, #OUTPUTS
  stp q16, q20, [x15]
  stp q24, q28, [x15, #32]
  mov x16, x3
  mov w17, w4
.Lpixel:
  lsr x1, x14, #2
.Lbyte:
  sub x1, x1, #1
  ldrb w22, [x15, x1]
  strb w22, [x16, x1]
  cbnz x1, .Lbyte
  add x15, x15, #8
  add x16, x16, x21
  subs w17, w17, #1
  b.ne .Lpixel
  b .Lstored
  .size whittle_conv_tiles_s8_dotprod, . - whittle_conv_tiles_s8_dotprod
  .section .note.GNU-stack, "", %progbits
